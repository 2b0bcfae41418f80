from django.urls import path

from grid.recut import views

urlpatterns = [
    path("<str:code>/merge/", views.merge, name="area-merge"),
    path("<str:code>/split/", views.split, name="area-split"),
]
