/**
 * Migrations, with one Flyway per database.
 */
@NullMarked
package io.appdbs.migration;

import org.jspecify.annotations.NullMarked;
