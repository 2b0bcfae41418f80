from django.urls import path

from workflows.counter.views import desk, employer

urlpatterns = [
    path("v/<str:code>/unit/", employer.enter, name="employer-enter"),
    path("v/<str:code>/unit/code/", employer.ask_code, name="employer-code"),
    path("v/<str:code>/unit/leave/", employer.leave, name="employer-leave"),
    path("v/<str:code>/unit/matter/", employer.matter, name="employer"),
    path("v/<str:code>/unit/matter/<slug:kind>/", employer.hand_in, name="employer-hand-in"),
    path("v/<str:code>/unit/receipts/<str:receipt>/", employer.receipt, name="employer-receipt"),
    path("v/<str:code>/unit/documents/<int:pk>.pdf", employer.document, name="employer-document"),
    path("counter/", desk.submission_list, name="counter"),
    path("counter/<str:receipt>/", desk.submission_page, name="counter-submission"),
    path("counter/<str:receipt>/take/", desk.take, name="counter-take"),
    path("counter/<str:receipt>/answer/", desk.answer, name="counter-answer"),
    path("counter/<str:receipt>/materials/<int:pk>/", desk.material, name="counter-material"),
]
