from django.urls import path

from tasks.coverage import views

urlpatterns = [
    path("", views.account, name="coverage"),
    path("<str:code>/", views.account, name="coverage-area"),
    path("<str:code>/<str:state>/", views.subjects, name="coverage-subjects"),
]
