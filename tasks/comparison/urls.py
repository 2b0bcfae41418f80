from django.urls import path

from tasks.comparison import views

urlpatterns = [
    path("", views.leads, name="leads"),
    path("<int:pk>/", views.lead, name="lead"),
]
