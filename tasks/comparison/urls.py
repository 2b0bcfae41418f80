from django.urls import path

from tasks.comparison import views

urlpatterns = [
    path("", views.leads, name="leads"),
    path("compare/", views.compare, name="compare"),
    path("<int:pk>/", views.lead, name="lead"),
]
