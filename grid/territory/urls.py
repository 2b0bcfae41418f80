from django.urls import include, path

from grid.territory import views

urlpatterns = [
    path("", views.areas, name="areas"),
    path("", include("grid.territory.grids.urls")),
    path("<str:code>/", views.area, name="area"),
    path("<str:code>/postings/new/", views.new_posting, name="posting-new"),
    path("absences/<int:pk>/end/", views.end_absence, name="absence-end"),
    path("postings/<int:pk>/end/", views.end_posting, name="posting-end"),
    path("postings/<int:pk>/absence/", views.new_absence, name="posting-absence"),
]
