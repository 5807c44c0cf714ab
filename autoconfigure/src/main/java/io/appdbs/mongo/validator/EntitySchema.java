package io.appdbs.mongo.validator;

import java.util.List;

import org.bson.Document;

/**
 * JSON schema of an entity.
 *
 * @param schema the schema
 * @param leftOut the constraints that it does not express, with the paths of their fields
 */
record EntitySchema(Document schema, List<String> leftOut) {

	EntitySchema {
		leftOut = List.copyOf(leftOut);
	}

}
