from django.urls import include, path

from grid.territory import views
from grid.territory.outlines import views as outlines
from grid.territory.vacancies import views as vacancies

urlpatterns = [
    path("", views.areas, name="areas"),
    path("", include("grid.territory.choosing.urls")),
    path("", include("grid.territory.grids.urls")),
    path("<str:code>/", views.area, name="area"),
    path("<str:code>/outlines/", outlines.outlines, name="outlines"),
    path("<str:code>/outlines/draw/", outlines.draw, name="outline-draw"),
    path("<str:code>/outlines.geojson", outlines.outlines_geojson, name="outlines-geojson"),
    path("<str:code>/outlines/flaws.<str:kind>", outlines.flaws_table, name="outlines-flaws"),
    path("<str:code>/vacancies/", vacancies.vacancies, name="vacancies"),
    path("<str:code>/vacancies.<str:kind>", vacancies.vacancies_table, name="vacancies-table"),
    path("<str:code>/absences.<str:kind>", vacancies.absences_table, name="absences-table"),
    path("<str:code>/postings/new/", views.new_posting, name="posting-new"),
    path("absences/<int:pk>/end/", views.end_absence, name="absence-end"),
    path("postings/<int:pk>/end/", views.end_posting, name="posting-end"),
    path("postings/<int:pk>/absence/", views.new_absence, name="posting-absence"),
]
