// SPDX-License-Identifier: Apache-2.0
#define BOOST_TEST_MODULE p256
#include <boost/test/unit_test.hpp>
