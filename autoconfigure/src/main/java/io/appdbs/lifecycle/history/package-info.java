/**
 * What has happened to a database: its last changes, and what is logged of an outage.
 */
@NullMarked
package io.appdbs.lifecycle.history;

import org.jspecify.annotations.NullMarked;
