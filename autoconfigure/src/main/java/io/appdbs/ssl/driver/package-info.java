/**
 * Classes that drivers instantiate by name, and that look up the certificates of the
 * database.
 */
@NullMarked
package io.appdbs.ssl.driver;

import org.jspecify.annotations.NullMarked;
