from django.urls import path

from project.checklist import views

urlpatterns = [
    path("", views.checklist, name="checklist"),
    path("close/", views.close, name="checklist-close"),
    path("checkpoint/", views.checkpoint, name="checklist-checkpoint"),
]
