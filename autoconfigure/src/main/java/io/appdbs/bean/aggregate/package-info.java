/**
 * Spring Data JDBC on databases: mapping, templates and repositories of each.
 */
@NullMarked
package io.appdbs.bean.aggregate;

import org.jspecify.annotations.NullMarked;
