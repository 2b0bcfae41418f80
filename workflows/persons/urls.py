from django.urls import path

from workflows.persons import views

urlpatterns = [
    path("cases/<str:code>/persons/<int:pk>/", views.person_page, name="person"),
    path("cases/<str:code>/persons/<int:pk>/<slug:name>/", views.person_act, name="person-act"),
]
