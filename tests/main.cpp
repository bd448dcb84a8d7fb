// SPDX-License-Identifier: Apache-2.0
// The main function of every test program that is written with Boost.Test.
#define BOOST_TEST_MODULE chancery
#include <boost/test/unit_test.hpp>
