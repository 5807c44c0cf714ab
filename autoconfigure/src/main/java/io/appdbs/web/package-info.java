/**
 * Web applications: the responses to requests that get no connection.
 */
@NullMarked
package io.appdbs.web;

import org.jspecify.annotations.NullMarked;
