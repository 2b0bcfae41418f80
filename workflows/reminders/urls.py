from django.urls import path

from workflows.reminders import views

urlpatterns = [
    path("cases/<str:code>/contacts/", views.contacts, name="contacts"),
    path("cases/<str:code>/contacts/note/", views.contact_note, name="contact-note"),
    path("cases/<str:code>/contacts/sms/", views.contact_sms, name="contact-sms"),
    path("cases/<str:code>/contacts/phone/", views.phone_note, name="phone-note"),
    path("cases/<str:code>/contacts/phone/<int:pk>/<slug:name>/", views.phone_act, name="phone-act"),
    path("reminders/", views.lapses, name="lapses"),
    path("reminders/remind/", views.remind, name="remind"),
    path("reminders/refresh/", views.refresh, name="lapses-refresh"),
    path("reminders/<int:pk>/", views.lapse, name="lapse"),
    path("reminders/<int:pk>/phone/", views.lapse_phone, name="lapse-phone"),
    path("reminders/letters/<int:pk>/", views.letter, name="reminder-letter"),
    path("reminders/letters/<int:pk>/delivered/", views.delivered, name="reminder-delivered"),
]
