/**
 * Validators of the settings of one database.
 */
@NullMarked
package io.appdbs.config.validator;

import org.jspecify.annotations.NullMarked;
