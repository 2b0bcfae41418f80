from django.urls import path

from workflows.duties.targets import views

urlpatterns = [
    path("", views.index, name="targets"),
    path("plans/new/", views.new_plan, name="plan-new"),
    path("plans/<int:pk>/", views.plan_page, name="plan"),
    path("plans/<int:pk>/<slug:name>/", views.plan_act, name="plan-act"),
    path("<int:year>/<str:code>/", views.area_page, name="targets-area"),
]
