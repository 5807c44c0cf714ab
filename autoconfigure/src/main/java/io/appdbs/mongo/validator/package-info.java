/**
 * Validators of MongoDB collections, derived from entities and their constraints.
 */
@NullMarked
package io.appdbs.mongo.validator;

import org.jspecify.annotations.NullMarked;
