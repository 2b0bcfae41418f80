from django.urls import path

from grid.operations import views

urlpatterns = [
    path("<int:pk>/", views.detail, name="operation"),
]
