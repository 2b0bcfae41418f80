from django.urls import include, path

from grid.placing import views

urlpatterns = [
    path("", views.pool, name="pool"),
    path("", include("grid.placing.bulk.urls")),
    path("<int:pk>/", views.place, name="pool-place"),
]
