from django.urls import path

from workflows.inspections import views

urlpatterns = [
    path("", views.inspection_page, name="inspection"),
    path("<slug:name>/", views.act, name="inspection-act"),
]
