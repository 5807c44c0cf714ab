/**
 * The syntax of database URLs.
 */
@NullMarked
package io.appdbs.engine.url;

import org.jspecify.annotations.NullMarked;
