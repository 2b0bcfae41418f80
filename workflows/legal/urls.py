from django.urls import path

from workflows.legal import views

urlpatterns = [
    path("", views.desk, name="legal"),
    path("unreviewed.csv", views.export, name="legal-export"),
    path("rows/<int:pk>/", views.resting, name="legal-row"),
    path("questions/<int:number>/", views.question, name="legal-question"),
    path("questions/<int:number>/confirm/", views.confirm, name="legal-confirm"),
]
