from django.urls import path

from grid.stories import views

urlpatterns = [
    path("audit/", views.search, name="audit"),
    path("audit/cases/<str:case>/", views.story, name="audit-case"),
    path("audit/cases/<str:case>/export/", views.export, name="audit-export"),
    path("audit/subjects/<int:pk>/", views.subject_story, name="audit-subject"),
    path("audit/entries/<int:pk>/check/", views.check, name="audit-check"),
]
