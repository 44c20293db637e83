import {
  type PluginExtensionAddedLinkConfig,
  type PluginExtensionPanelContext,
  PluginExtensionPoints,
} from '@grafana/data';
import { say } from '../words/say.js';
import { PanelDeployments } from './panel-deployments.js';

/** The entry in every panel's menu; title and description are declared in plugin.json too and must be the same there. */
export const panelMenuLink: PluginExtensionAddedLinkConfig<PluginExtensionPanelContext> = {
  title: 'Deployments and rollback',
  description:
    "Shows the deployments of this panel's service in the visible range, with verdicts, evidence and rollback.",
  targets: PluginExtensionPoints.DashboardPanelMenu,
  icon: 'history',
  onClick: (_event, { context, openModal }) => {
    if (context === undefined) return;
    openModal({
      title: say('menu.title', { panel: context.title }),
      width: 760,
      body: ({ onDismiss = () => undefined }) => <PanelDeployments context={context} onDismiss={onDismiss} />,
    });
  },
};
