// SPDX-License-Identifier: Apache-2.0
//
// apps/web/verify.mjs against real ledgers, records and seals, whole and changed, against the
// program itself, and against vectors of others (with CHANCERY_VECTORS). The environment variable
// CHANCERY is the program; CHANCERY_SEED repeats the random changes of a run.

import './verify_vectors.mjs';
import './verify_ledger.mjs';
import './verify_forgeries.mjs';
import './verify_seals.mjs';
import './verify_certificates.mjs';
import './verify_strict.mjs';
