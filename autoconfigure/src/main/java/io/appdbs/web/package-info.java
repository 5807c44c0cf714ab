/**
 * Responses of web applications to requests that got no connection.
 */
@NullMarked
package io.appdbs.web;

import org.jspecify.annotations.NullMarked;
