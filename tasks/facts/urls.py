from django.urls import path

from tasks.facts import views

urlpatterns = [
    path("facts/<int:pk>/", views.subject_facts, name="subject-facts"),
]
