/**
 * Support for the tests of an application, active if Spring's test framework is on the
 * class path: contexts share embedded servers.
 */
@NullMarked
package io.appdbs.test;

import org.jspecify.annotations.NullMarked;
