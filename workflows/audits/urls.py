from django.urls import path

from workflows.audits import views

urlpatterns = [
    path("cases/<str:code>/audit/", views.audit_page, name="case-audit"),
    path("cases/<str:code>/audit/<slug:name>/", views.audit_act, name="case-audit-act"),
    path("transfers/", views.transfers, name="transfers"),
    path("transfers/<int:pk>/", views.transfer, name="transfer"),
    path("transfers/<int:pk>/answer/", views.transfer_answer, name="transfer-answer"),
    path("transfers/<int:pk>/letter/", views.transfer_letter, name="transfer-letter"),
]
