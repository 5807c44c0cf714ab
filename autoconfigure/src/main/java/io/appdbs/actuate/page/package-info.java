/**
 * The status page: HTML of what the endpoint reports as JSON, for browsers.
 */
@NullMarked
package io.appdbs.actuate.page;

import org.jspecify.annotations.NullMarked;
