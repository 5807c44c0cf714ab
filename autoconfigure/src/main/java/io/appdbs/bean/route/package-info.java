/**
 * Beans of routes over databases.
 */
@NullMarked
package io.appdbs.bean.route;

import org.jspecify.annotations.NullMarked;
