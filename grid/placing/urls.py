from django.urls import path

from grid.placing import views

urlpatterns = [
    path("", views.pool, name="pool"),
    path("<int:pk>/", views.place, name="pool-place"),
]
