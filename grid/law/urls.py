from django.urls import path

from grid.law import views

urlpatterns = [
    path("", views.provisions, name="law"),
    path("versions/<int:pk>/review/", views.review, name="law-review"),
    path("versions/<int:pk>/end/", views.end, name="law-end"),
    path("<str:key>/", views.provision, name="law-key"),
    path("<str:key>/new/", views.new_version, name="law-new"),
]
