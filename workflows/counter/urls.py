from django.urls import path

from workflows.counter import employer, views

urlpatterns = [
    path("v/<str:code>/unit/", employer.enter, name="employer-enter"),
    path("v/<str:code>/unit/code/", employer.ask_code, name="employer-code"),
    path("v/<str:code>/unit/leave/", employer.leave, name="employer-leave"),
    path("v/<str:code>/unit/matter/", employer.matter, name="employer"),
    path("v/<str:code>/unit/matter/<slug:kind>/", employer.hand_in, name="employer-hand-in"),
    path("v/<str:code>/unit/receipts/<str:receipt>/", employer.receipt, name="employer-receipt"),
    path("v/<str:code>/unit/documents/<int:pk>.pdf", employer.document, name="employer-document"),
    path("counter/", views.submission_list, name="counter"),
    path("counter/<str:receipt>/", views.submission_page, name="counter-submission"),
    path("counter/<str:receipt>/take/", views.take, name="counter-take"),
    path("counter/<str:receipt>/answer/", views.answer, name="counter-answer"),
    path("counter/<str:receipt>/materials/<int:pk>/", views.material, name="counter-material"),
]
