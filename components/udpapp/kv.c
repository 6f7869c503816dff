#include "app/app.h"
const struct app_service kv_service = { "kv", NULL };
