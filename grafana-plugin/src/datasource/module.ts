import { DataSourcePlugin } from '@grafana/data';
import { ConnectionEditor } from './connection-editor.js';
import { VerdictDatasource } from './datasource.js';
import { VerdictQueryEditor } from './verdict-query-editor.js';
import type { ConnectionSettings, ReadSecrets, VerdictQuery } from './verdict-query.js';

export const plugin = new DataSourcePlugin<VerdictDatasource, VerdictQuery, ConnectionSettings, ReadSecrets>(
  VerdictDatasource,
)
  .setConfigEditor(ConnectionEditor)
  .setQueryEditor(VerdictQueryEditor);
