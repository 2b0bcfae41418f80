from django.urls import path

from grid.law.calendar import views

urlpatterns = [
    path("", views.this_year, name="calendar"),
    path("<int:year>/", views.year, name="calendar-year"),
    path("<int:year>/day/", views.change_day, name="calendar-day"),
    path("<int:year>/table/", views.enter_table, name="calendar-table"),
]
