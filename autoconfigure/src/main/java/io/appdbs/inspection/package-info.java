/**
 * What can be read about the contents and the load of a database: sizes, tables, indexes,
 * activity, statements and findings.
 */
@NullMarked
package io.appdbs.inspection;

import org.jspecify.annotations.NullMarked;
