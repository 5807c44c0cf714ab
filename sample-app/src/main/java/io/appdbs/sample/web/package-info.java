/**
 * What is not about a feature: the databases themselves and the form of errors.
 */
@NullMarked
package io.appdbs.sample.web;

import org.jspecify.annotations.NullMarked;
