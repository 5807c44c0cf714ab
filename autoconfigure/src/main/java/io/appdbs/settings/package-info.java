/**
 * The settings of a database as the application configures them.
 */
@NullMarked
package io.appdbs.settings;

import org.jspecify.annotations.NullMarked;
