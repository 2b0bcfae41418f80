from django.urls import include, path

from workflows.cases import views

urlpatterns = [
    path("", views.case_list, name="cases"),
    path("approvals/", views.approval_list, name="approvals"),
    path("approvals/decide/", views.approve_many, name="approve-many"),
    path("<str:code>/", views.case_page, name="case"),
    path("<str:code>/inspection/", include("workflows.inspections.urls")),
    path("<str:code>/preview/<str:kind>/", views.preview, name="notice-preview"),
    path("<str:code>/<slug:name>/", views.act, name="case-act"),
]
