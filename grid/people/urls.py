from django.urls import path

from grid.accounts import views as sign_in
from grid.people import views
from grid.people.many import views as many

urlpatterns = [
    path("", views.people, name="people"),
    path("names/", views.names, name="people-names"),
    path("new/", views.new_person, name="person-new"),
    path("import/", many.upload, name="people-import"),
    path("import/empty.<str:kind>", many.empty_table, name="people-empty"),
    path("import/postings.<str:kind>", many.postings_table, name="people-postings"),
    path("import/<int:pk>/", many.sheet, name="people-sheet"),
    path("import/<int:pk>/report.<str:kind>", many.report, name="people-report"),
    path("posts/", many.give_posts, name="people-posts"),
    path("ends/", many.end_posts, name="people-ends"),
    path("codes/", many.codes, name="people-codes"),
    path("<int:pk>/", views.person, name="person"),
    path("<int:pk>/correct/", views.correct, name="person-correct"),
    path("<int:pk>/sign-in/", sign_in.help_person, name="sign-in-help"),
    path("<int:pk>/sign-in/code/", sign_in.give_code, name="sign-in-code"),
    path("<int:pk>/sign-in/factor/", sign_in.take_factor_away, name="sign-in-factor"),
    path("<int:pk>/sign-in/free/", sign_in.free_sign_in, name="sign-in-free"),
]
