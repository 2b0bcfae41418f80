from django.urls import path

from workflows.duties import views

urlpatterns = [
    path("duties/", views.duty_page, name="duties"),
    path("referrals/", views.referral_list, name="referrals"),
    path("referrals/new/", views.new_referral, name="referral-new"),
    path("referrals/many/", views.many_referrals, name="referral-many"),
    path("referrals/files/<int:pk>/", views.referral_file, name="referral-file"),
    path("referrals/<str:code>/", views.referral_page, name="referral"),
    path("referrals/<str:code>/<slug:name>/", views.referral_act, name="referral-act"),
]
