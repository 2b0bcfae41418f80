from django.urls import path

from grid.territory.choosing import views

urlpatterns = [path("named/", views.named, name="areas-named")]
