/* What a program looks at. */
#include "model/formula.h"

static bool loads(enum mq_op op)
{
    return op == MQ_OP_AMOUNT || op == MQ_OP_NUMBER || op == MQ_OP_CODE || op == MQ_OP_TEST ||
           op == MQ_OP_LOOKUP || op == MQ_OP_LOOKUP_TRUTH || op == MQ_OP_CODE_IS ||
           op == MQ_OP_KEY_IS || op == MQ_OP_ABSENT;
}

bool mq_program_reads(const struct mq_program *program, int input)
{
    for (size_t i = 0; i < program->count; i++)
        if (loads(program->code[i].op) && program->code[i].input == input)
            return true;
    return false;
}

int mq_program_amount(const struct mq_program *program, int *decimals)
{
    const struct mq_instruction *code = program->code;
    if (program->role != MQ_ROLE_VALUE || program->count < 1 || program->count > 2 ||
        code[0].op != MQ_OP_AMOUNT)
        return -1;
    *decimals = 0;
    if (program->count == 1)
        return code[0].input;
    if (code[1].op != MQ_OP_DIVIDE || !code[1].constant)
        return -1;
    double power = 1;
    while (power < code[1].number && *decimals < 22) {
        power *= 10;
        ++*decimals;
    }
    return power == code[1].number ? code[0].input : -1;
}
