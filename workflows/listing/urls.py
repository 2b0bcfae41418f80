from django.urls import path

from workflows.listing import views

urlpatterns = [
    path("", views.public_list, name="public-listings"),
    path("<str:code>/", views.public_entry, name="public-listing"),
]
