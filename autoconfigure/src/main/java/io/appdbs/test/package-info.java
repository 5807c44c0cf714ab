/**
 * What the tests of an application get without asking, where Spring's test framework is
 * on the class path: contexts that share embedded servers.
 */
@NullMarked
package io.appdbs.test;

import org.jspecify.annotations.NullMarked;
