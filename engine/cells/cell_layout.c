/* What a cell holds: slots that want the same number share it. */
#include "cells/cube.h"

static bool in_mask(const struct mq_mask *mask, int input)
{
    for (size_t i = 0; i < mask->count; i++)
        if (mask->input[i] == input)
            return true;
    return false;
}

static size_t add_selection(struct mq_layout *layout, struct mq_selection wanted)
{
    for (size_t s = 0; s < layout->selections; s++) {
        const struct mq_selection *has = layout->selection + s;
        if (has->mask == wanted.mask && has->present == wanted.present &&
            has->where == wanted.where)
            return s;
    }
    layout->selection[layout->selections] = wanted;
    return layout->selections++;
}

static size_t add_count(struct mq_layout *layout, size_t selection)
{
    for (size_t c = 0; c < layout->counts; c++)
        if (layout->count[c] == selection)
            return c;
    layout->count[layout->counts] = selection;
    return layout->counts++;
}

static size_t add_quantity(struct mq_quantity *quantity, size_t *count, struct mq_quantity wanted)
{
    for (size_t q = 0; q < *count; q++)
        if (quantity[q].selection == wanted.selection && quantity[q].input == wanted.input &&
            quantity[q].value == wanted.value)
            return q;
    quantity[*count] = wanted;
    return (*count)++;
}

static struct mq_place place_slot(const struct mq_model *model, struct mq_layout *layout,
                                  const struct mq_slot *slot)
{
    bool held = slot->input >= 0 && in_mask(model->mask + slot->mask, slot->input);
    size_t selection = add_selection(
        layout, (struct mq_selection){
                    .mask = slot->mask, .present = held ? -1 : slot->input, .where = slot->where});
    struct mq_quantity wanted = {selection, slot->input, slot->value};
    if (slot->aggregate == MQ_COUNT)
        return (struct mq_place){MQ_STORE_COUNT, add_count(layout, selection)};
    if (slot->aggregate != MQ_SUM)
        return (struct mq_place){MQ_STORE_ORDER,
                                 add_quantity(layout->order, &layout->orders, wanted)};
    if (slot->input >= 0 && model->input[slot->input].type == MQ_AMOUNT)
        return (struct mq_place){MQ_STORE_SUM, add_quantity(layout->sum, &layout->sums, wanted)};
    return (struct mq_place){MQ_STORE_EXACT, add_quantity(layout->exact, &layout->exacts, wanted)};
}

enum mq_status mq_layout_build(const struct mq_model *model, struct mq_layout *layout,
                               struct mq_arena *arena, struct mq_error *error)
{
    size_t slots = model->slots + 1, most = model->masks + slots;
    *layout = (struct mq_layout){0};
    layout->selection = mq_arena_array(arena, most, sizeof *layout->selection);
    layout->count = mq_arena_array(arena, most, sizeof *layout->count);
    layout->sum = mq_arena_array(arena, slots, sizeof *layout->sum);
    layout->exact = mq_arena_array(arena, slots, sizeof *layout->exact);
    layout->order = mq_arena_array(arena, slots, sizeof *layout->order);
    layout->place = mq_arena_array(arena, slots, sizeof *layout->place);
    if (!layout->selection || !layout->count || !layout->sum || !layout->exact || !layout->order ||
        !layout->place)
        return mq_fail_memory(error);
    for (size_t m = 0; m < model->masks; m++) /* not merged even if equal: complete[] is by mask */
        layout->selection[m] = (struct mq_selection){.mask = (int)m, .present = -1};
    layout->selections = model->masks;
    for (size_t m = 0; m < model->masks; m++)
        layout->count[m] = m;
    layout->counts = model->masks;
    for (size_t s = 0; s < model->slots; s++)
        layout->place[s] = place_slot(model, layout, model->slot + s);
    return MQ_OK;
}
