import { healthSchema, topicsOf } from '../../src/contract/topics.ts';
import { promptKinds, promptPhases, roles, type WearerRole } from '../../src/core/prompts/kinds.ts';

/** The usual prefix; one of one's own can be set in Home Assistant, and hardly anybody does. */
const prefix = 'homeassistant';

/** Where the configuration of one branch stands, retained: an empty message takes the device away again. */
export const discoveryTopic = (branch: string): string => `${prefix}/device/lobby-sense-${branch}/config`;

/** Where Home Assistant itself says that it is there. */
export const birthTopic = `${prefix}/status`;

/** What Home Assistant's phones answer as, in `ack` and `duty`: one wrist a role. */
export const watchOf = (role: WearerRole): string => `home-assistant-${role}`;

/** Of figures that are absent while nobody can see: Home Assistant takes this for "unknown". */
const unknown = 'None';

const roleNames: Record<WearerRole, string> = {
  manager: 'Lobby manager',
  deputy: 'Deputy',
  'branch-head': 'Branch head',
};

/**
 * The device of a branch as Home Assistant discovers it by MQTT: figures, health, prompts as events, and a switch
 * a role that begins and ends duty for whoever gets that role's notifications.
 *
 * All of it reads the topics that are there anyway; nothing is sent twice.
 *
 * Source of the format: Home Assistant's documentation of the MQTT integration, "Device discovery payload".
 */
export function describeDevice(branch: string, version: string) {
  const topics = topicsOf(branch);
  const id = `lobby-sense-${branch}`;
  const entity = (platform: string, key: string, name: string, more: object) => ({
    [key]: { platform, unique_id: `${id}-${key}`, name, ...more },
  });
  const figure = (key: string, name: string, icon: string) =>
    entity('sensor', key, name, {
      state_topic: topics.lobby,
      value_template: `{{ value_json.${key} | default('${unknown}') }}`,
      state_class: 'measurement',
      unit_of_measurement: 'people',
      icon,
      // `lobby` is sent every ten seconds at least: a figure older than this is none.
      expire_after: 60,
    });
  const duty = (role: WearerRole, onDuty: boolean) =>
    JSON.stringify({ v: 1, watch: watchOf(role), role, onDuty });
  return {
    device: {
      identifiers: [id],
      name: `Lobby ${branch}`,
      manufacturer: 'lobby-sense',
      model: 'Lobby',
      sw_version: version,
    },
    origin: { name: 'lobby-sense', sw_version: version },
    availability: [
      {
        topic: topics.health,
        value_template: "{{ 'offline' if value_json.state == 'gone' else 'online' }}",
      },
    ],
    qos: 1,
    components: {
      ...figure('toGreet', 'To greet', 'mdi:hand-wave'),
      ...figure('inQueue', 'In queue', 'mdi:human-queue'),
      ...figure('inLobby', 'In lobby', 'mdi:account-group'),
      ...figure('onDuty', 'On duty', 'mdi:watch'),
      ...entity('sensor', 'open', 'Open prompts', {
        state_topic: topics.lobby,
        value_template: '{{ value_json.open | count }}',
        state_class: 'measurement',
        icon: 'mdi:bell-badge',
        expire_after: 60,
      }),
      ...entity('sensor', 'health', 'Health', {
        state_topic: topics.health,
        value_template: '{{ value_json.state }}',
        device_class: 'enum',
        options: healthSchema.shape.state.options,
        entity_category: 'diagnostic',
      }),
      ...entity('event', 'prompt', 'Prompt', {
        state_topic: topics.prompt,
        event_types: promptKinds,
        value_template: '{{ dict(value_json, event_type=value_json.kind) | to_json }}',
        icon: 'mdi:bell-ring',
      }),
      ...entity('event', 'promptState', 'Prompt state', {
        state_topic: topics.promptStates,
        event_types: promptPhases,
        value_template: '{{ dict(value_json, event_type=value_json.phase) | to_json }}',
        icon: 'mdi:bell-check',
      }),
      ...Object.assign(
        {},
        ...roles.map((role) =>
          entity('switch', `duty-${role}`, `${roleNames[role]} on duty`, {
            command_topic: topics.duty,
            payload_on: duty(role, true),
            payload_off: duty(role, false),
            optimistic: true,
            icon: 'mdi:account-check',
          }),
        ),
      ),
    } as Record<string, Readonly<Record<string, unknown>>>,
  };
}
