/* Paths written in the model file. */
#include "index/index_parts.h"

const char *mq_model_path(const struct mq_model *model, const char *path, struct mq_arena *arena)
{
    if (path[0] == '/' || !model->directory || !model->directory[0])
        return path;
    return mq_arena_format(arena, "%s/%s", model->directory, path);
}
