from django.urls import path

from workflows.inspections import views

urlpatterns = [
    path("", views.inspection_page, name="inspection"),
    path("files/<int:pk>/", views.record_file, name="inspection-file"),
    path("files/hearing/<int:pk>/", views.hearing_file, name="hearing-file"),
    path("<slug:name>/", views.act, name="inspection-act"),
]
