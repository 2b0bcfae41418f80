from django.urls import path

from workflows.notices.views import deciding, papers, reissuing, signing

urlpatterns = [
    path("notices/<int:pk>.pdf", papers.pdf, name="notice-pdf"),
    path("notices/<int:pk>/slip.pdf", papers.slip, name="notice-slip"),
    path("notices/<int:pk>/slip-blank.pdf", papers.blank_slip, name="notice-slip-blank"),
    path("notices/<int:pk>/slip/", reissuing.file_slip, name="notice-slip-file"),
    path("notices/<int:pk>/", reissuing.notice_page, name="notice"),
    path("notices/<int:pk>/reissue/", reissuing.reissue, name="notice-reissue"),
    path("notices/<int:pk>/serve/", reissuing.serve, name="notice-serve"),
    path("notices/to-sign/", signing.to_sign, name="papers-to-sign"),
    path("notices/to-sign/sign/", signing.sign_many, name="sign-papers"),
    path("notices/seals/", signing.seal_register, name="seal-register"),
    path("notices/seals.csv", signing.seal_register_csv, name="seal-register-csv"),
    path("notices/<int:pk>/sign/", signing.sign, name="sign-paper"),
    path("notices/<int:pk>/send-back/", signing.send_back, name="return-paper"),
    path("notices/<int:pk>/seal/", signing.seal, name="seal-paper"),
    path("notices/door/", deciding.door_service_list, name="door-services"),
    path("notices/door/<str:code>/", deciding.door_service_page, name="door-service"),
    path("notices/door/<str:code>/adopt/", deciding.adopt, name="adopt-service"),
    path("notices/door/<str:code>/aside/", deciding.dismiss, name="lay-service-aside"),
    path("v/", papers.ask, name="verify-ask"),
    path("v/<str:code>", papers.verify, name="verify"),
]
