app_name = "terminology"
urlpatterns = []
